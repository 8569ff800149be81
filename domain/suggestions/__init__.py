"""What a client probably meant: the name, word, date or number that is nearest to a wrong one.

A suggestion is computed only when a refusal is shown. Every suggestion has a form that the request accepts. Suggestions
repeat nothing that the client sent, except a date or a number, which they write in the accepted form.
"""
