"""Models of the Hub: a record becomes facts, and facts become a snapshot."""
