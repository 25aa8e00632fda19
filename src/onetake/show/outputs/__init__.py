"""What a report can be written as: each file is one format, with `DOC`, a line that says what it is for, and `write`,
which takes a path and the material and returns the path it wrote.
"""
