"""Grading: the key, the sandbox, the score, and what comes of it."""
