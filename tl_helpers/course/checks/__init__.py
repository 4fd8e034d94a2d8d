"""One module a lesson: what each practice exercise expects, and the hint for each usual mistake.

And one an assignment: what can be seen to be wrong with an answer, without knowing the right one.
"""

NOTHING = "your function returns None so far: replace the dots, and return the result"
