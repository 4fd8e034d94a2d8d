"""One module a lesson: what each practice exercise expects, and the hint for each usual mistake."""
