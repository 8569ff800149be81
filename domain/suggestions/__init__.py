"""What a client probably meant: the name, word, date or number that is nearest to a wrong one.

A suggestion is computed only when a refusal is shown. It is always something that the request accepts in form, and it
holds nothing of what the client sent but a date or a number in another form.
"""
