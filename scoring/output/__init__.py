"""What is written down: the method in words, exports and reports."""
