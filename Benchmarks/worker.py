"""What every contestant written in Python shares: the loop that answers requests."""

import json
import os
import sys
import time


def serve(answers):
    """Answers each line of standard input, a JSON object, with a line of JSON.

    `answers` maps the word under "work" to a function that takes the other fields as keyword
    arguments. A function that fails ends the process; its traceback is the message.
    """
    # What libraries print must not mix with the answers.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        request = json.loads(line)
        answer = answers[request.pop("work")](**request)
        print(json.dumps(answer), file=output, flush=True)


class Watch:
    """Elapsed seconds, and processor seconds of all threads of the process, since it was made."""

    def __init__(self):
        self.start, self.cpu_start = time.perf_counter(), time.process_time()

    @property
    def seconds(self):
        return time.perf_counter() - self.start

    @property
    def cpu_seconds(self):
        return time.process_time() - self.cpu_start
