"""From a question in the inbox to a delivered answer, flags and evals."""
