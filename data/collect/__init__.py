"""Ask many questions, keep the raw replies, resume, replay."""
