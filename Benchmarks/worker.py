"""What every contestant written in Python shares: the loop that answers requests."""

import json
import os
import sys
import time
import traceback


def serve(answers):
    """Answers each line of standard input, a JSON object, with a line of JSON.

    `answers` maps the word under "work" to a function that takes the other fields as keyword
    arguments. Where a function fails, the answer has the first line of the reason under "error".
    """
    # What libraries print must not mix with the answers.
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = answers[request.pop("work")](**request)
        except Exception as error:  # Libraries raise what they like; none of it ends the run.
            traceback.print_exc()
            reason = str(error).strip().partition("\n")[0]
            answer = {"error": f"{type(error).__name__}: {reason}"}
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
