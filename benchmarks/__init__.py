"""Speed and size, run by hand (`make bench`); tests assert none of it."""
