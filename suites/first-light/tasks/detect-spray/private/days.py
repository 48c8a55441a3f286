# BREAKWATER-CANARY f5f8c4e2-d23e-4969-945e-3cb38b9850a4
import json
import random

WEEK = 1_789_948_800


def day(seed):
    """The sign-ins of a day in the order of time, and the numbers of the lines of the attack."""
    chance = random.Random(f"first-light detect-spray {seed}")
    people = [f"{chance.choice('abcdefghjklmnprstw')}{number:03}" for number in range(240)]
    programs = {person: chance.randbytes(4).hex() for person in people}
    homes = {person: f"10.{chance.randrange(40, 44)}.{chance.randrange(1, 30)}" for person in people}
    lines = []

    def sign_in(when, person, source, program, result, attack=False):
        line = {"time": WEEK + int(when), "user": person, "source": source, "program": program, "result": result}
        lines.append((line, attack))

    def at(network):
        return f"{network}.{chance.randrange(2, 250)}"

    # Everybody, some with a slip of the finger first.
    for person in people:
        for _ in range(chance.randrange(2, 7)):
            when = chance.gauss(43_000, 11_000) % 86_000
            for slip in range(chance.choices([0, 1, 2], [80, 16, 4])[0]):
                sign_in(when - 20 + 8 * slip, person, at(homes[person]), programs[person], "wrong")
            sign_in(when, person, at(homes[person]), programs[person], "right")
    # Passwords that ran out at the same hour, met by a whole floor.
    floor = f"10.40.{chance.randrange(60, 90)}"
    for person in chance.sample(people, 45):
        sign_in(28_800 + chance.random() * 1_500, person, at(floor), programs[person], "expired")
        sign_in(30_400 + chance.random() * 900, person, at(floor), programs[person], "right")
    # After a power cut a floor types in haste.
    cut = chance.randrange(40_000, 60_000)
    for person in chance.sample(people, 30):
        sign_in(cut + chance.random() * 800, person, at(floor), programs[person], "wrong")
        sign_in(cut + 900 + chance.random() * 300, person, at(floor), programs[person], "right")
    # A forgotten script with an old password.
    robot, hut, tool = chance.choice(people), f"10.44.0.{chance.randrange(2, 250)}", chance.randbytes(4).hex()
    for when in range(chance.randrange(300), 86_000, 240):
        sign_in(when, robot, hut, tool, "wrong")
    # Machines in the hall, which many use in turn: one program, now and then a wrong password.
    hall = chance.randbytes(4).hex()
    for when in range(25_000, 70_000, 300):
        sign_in(when + chance.random() * 100, chance.choice(people), "10.45.1.7", hall, chance.choices(["right", "wrong"], [88, 12])[0])
    # The attack: one password tried on many, each once, from everywhere, with one program.
    spray, when = chance.randbytes(4).hex(), chance.uniform(3_000, 50_000)
    victims = chance.sample(people, 90)
    hit = chance.randrange(40, 90)
    for number, person in enumerate(victims):
        source = f"{chance.choice([185, 91, 45, 10])}.{chance.randrange(1, 250)}.{chance.randrange(250)}.{chance.randrange(2, 250)}"
        sign_in(when, person, source, spray, "right" if number == hit else "wrong", True)
        when += chance.uniform(90, 330)
    lines.sort(key=lambda pair: pair[0]["time"])
    return [line for line, _ in lines], {number for number, (_, attack) in enumerate(lines) if attack}
