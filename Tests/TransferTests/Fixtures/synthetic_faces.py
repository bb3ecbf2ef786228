"""A set that stands for features of a pretrained network on 98 photographs of faces.

Used by make_small_sets.py, and by Tests/tlbenchTests/Cases/make_data_cases.py.
"""

import numpy as np


def faces():
    """Features [98, 128] and labels: small numbers that are mostly about who it is, and little about
    the class. The same numbers every time."""
    random = np.random.default_rng(5)
    labels, who = [], []
    for label, count in enumerate([24, 22, 18, 14, 10, 10]):
        people = random.permutation(8)[: count // 3 + 1]
        for index in range(count):
            labels.append(label)
            who.append(people[index // 3])
    labels, who = np.array(labels), np.array(who)
    person = random.normal(0, 1, (8, 128))
    pair = random.normal(0, 1, (6, 8, 128))
    noise = random.normal(0, 1, (len(labels), 128))
    return 0.1 * person[who] + 0.02 * pair[labels, who] + 0.012 * noise, labels
