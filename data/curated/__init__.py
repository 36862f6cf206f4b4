"""The tables kept by hand, each row with its source and date, and what reads them."""
