"""nbgrader's settings for the lab: copy this file into a course folder inside the project.

The source is notebooks/05-lab.ipynb as it is: its blanks are nbgrader's solutions, its check cells
nbgrader's tests. INSTRUCTOR.md tells the commands.
"""

c = get_config()  # noqa: F821 (nbgrader defines it)

c.CourseDirectory.course_id = "starlit"
c.ClearSolutions.begin_solution_delimeter = "--- START CODE HERE"
c.ClearSolutions.end_solution_delimeter = "--- END CODE HERE"
# What a student finds in a blank. The kernel is TypeScript; nbgrader wants python to stay.
c.ClearSolutions.code_stub = {
    "typescript": "// --- START CODE HERE\n// YOUR CODE HERE\n"
    'throw new Error("not implemented");\n// --- END CODE HERE',
    "python": "# YOUR CODE HERE\nraise NotImplementedError()",
}
# Seconds for a cell; the training of the LSTM is the longest.
c.Execute.timeout = 600
