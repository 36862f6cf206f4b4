"""Why: the receipt of a total, its words and flags, what would change it, and what did."""
