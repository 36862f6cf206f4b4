"""What the command line and a notebook show: options in, tables out."""
