"""Ask one question politely: `client` sends, `rate_limit` paces, `deadline` ends a try, `secrets` hides tokens."""
