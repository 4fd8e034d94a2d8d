"""One module a lesson: what each practice exercise expects, and the hint for each usual mistake."""

NOTHING = "your function returns None so far: replace the dots, and return the result"
