"""One clean line on standard output or error."""

from terminal.messages import complain, reason, say


def test_a_complaint_is_one_clean_line(capsys):
    complain("A\nsentence \x1b[31mwith\t everything\u202e.")
    assert capsys.readouterr().err == "A sentence [31mwith everything.\n"


def test_a_line_keeps_its_columns_and_moves_no_cursor(capsys):
    say("2026-10-08  models  \x1b[2J[/bold]\r")
    assert capsys.readouterr().out == "2026-10-08  models  [2J[/bold]\n"


def test_an_error_of_the_system_becomes_the_end_of_a_sentence():
    assert reason(FileNotFoundError(2, "No such file")) == "there is no such file or folder"
    assert reason(OSError(28, "No space left on device")) == "no space left on device"
    assert reason(EOFError("Compressed file ended.")) == "compressed file ended"
    assert reason(EOFError()) == "eoferror"
