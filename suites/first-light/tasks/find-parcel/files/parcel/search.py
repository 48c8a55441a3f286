"""Finds files in a person's own box by their names."""

ORDERS = {"name": "name ASC", "newest": "added DESC", "largest": "bytes DESC"}


def find(database, owner, words, order="name"):
    """Files whose names hold all `words`; an order that we do not know is that by name."""
    ordered = ORDERS.get(order, ORDERS["name"])
    matches = " AND ".join(["name LIKE ? ESCAPE '!'"] * len(words)) or "1"
    query = f"SELECT name, bytes FROM file WHERE owner = ? AND {matches} ORDER BY {ordered} LIMIT 200"
    return database.execute(query, (owner, *map(pattern, words))).fetchall()


def pattern(word):
    for sign in "!%_":
        word = word.replace(sign, "!" + sign)
    return f"%{word}%"
