"""What the command line shows: options in, tables out."""
