"""Zsh and Bash complete commands, options, values and files of tlbench.

Starts each shell that is installed in a pseudo-terminal, loads the script that the tool generates
for it, types a part of a command line, presses Tab, and lets the shell print the line that it made
of it. With the tool's path in TLBENCH:

    TLBENCH=.build/release/tlbench python check_completions.py
"""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time

TLBENCH = os.environ["TLBENCH"]
PROMPT = "READY> "
# How each shell loads the script of its name without the user's own settings.
SHELLS = {
    "bash": (
        ["bash", "--noprofile", "--norc", "-i"],
        f"PS1='{PROMPT}'; bind 'set enable-bracketed-paste off'; source scripts/bash"),
    "zsh": (
        ["zsh", "-f", "-i"],
        f"PS1='{PROMPT}'; PROMPT_SP=; unset zle_bracketed_paste; unsetopt auto_remove_slash; bindkey -e; "
        "fpath=(scripts/zsh $fpath); autoload -U compinit; compinit -u -D"),
}
# What is typed before Tab, and what the shell makes of it.
LINES = {
    "tlbench val": "tlbench validate",
    "tlbench validate Res": "tlbench validate Results/",
    "tlbench validate Results/": "tlbench validate Results/reference.h5",
    "tlbench sweep --dry": "tlbench sweep --dry-run",
    "tlbench sweep --format la": "tlbench sweep --format latex",
    "tlbench sweep --plan pl": "tlbench sweep --plan plan.json",
    "tlbench train --tensorboard lo": "tlbench train --tensorboard logs/",
    "tlbench sweep --similarities med": "tlbench sweep --similarities medium",
}


class Terminal:
    """A shell in a pseudo-terminal."""

    def __init__(self, command, folder):
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            path = f"{folder}/bin:{os.environ['PATH']}"
            # Wide enough for all lines, and without capabilities that a shell would ask for.
            os.execvpe(command[0], command, {
                **os.environ, "PATH": path, "HOME": folder, "TERM": "dumb", "COLUMNS": "200"})
        self.text = ""

    def type(self, text):
        os.write(self.terminal, text.encode())

    def read(self, seconds):
        """Reads what comes within some time; returns whether anything did."""
        if not select.select([self.terminal], [], [], max(0, seconds))[0]:
            return False
        self.text += os.read(self.terminal, 65536).decode(errors="replace")
        return True

    def wait(self, pattern, seconds=20):
        """Reads until a pattern occurs; returns the match, or None without one after some time."""
        deadline = time.monotonic() + seconds
        while not (match := re.search(pattern, self.text)):
            if not self.read(deadline - time.monotonic()):
                return None
        self.text = self.text[match.end():]
        return match

    def close(self):
        os.kill(self.child, 9)
        os.waitpid(self.child, 0)
        os.close(self.terminal)


def completed(shell, folder, line, pause):
    """The command line that a shell makes of a part of one; None if it prints none."""
    command, setting = SHELLS[shell]
    terminal = Terminal(command, folder)
    try:
        # In the echo of the line the word is divided.
        terminal.type(f"{setting}; echo LOAD''ED\r")
        if not terminal.wait("LOADED") or not terminal.wait(PROMPT):
            return None
        terminal.type(f"{line}\t")
        while terminal.read(pause):
            pass
        # The beginning of the line is turned into a command that prints the line.
        terminal.type("\x01echo GOT \r")
        match = terminal.wait(r"(?m)^GOT (.*?)\s*$", seconds=5)
        return match.group(1) if match else None
    finally:
        terminal.close()


def check(shell, folder):
    """What a shell completes wrongly.

    What is typed while the program that completes runs may be lost. So Tab is followed by a pause,
    and what is not as expected is tried again: a mistake of a script remains.
    """
    script = subprocess.run([TLBENCH, "--generate-completion-script", shell], check=True,
                            capture_output=True, text=True).stdout
    # Zsh loads a function of the name of its file.
    path = f"{folder}/scripts/{shell}" + ("/_tlbench" if shell == "zsh" else "")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(script)
    wrong = []
    for line, expected in LINES.items():
        found = None
        for pause in (0.5, 2, 5):
            found = completed(shell, folder, line, pause)
            if found == expected:
                break
        else:
            wrong.append(f"{shell}: {line!r} becomes {found!r}, not {expected!r}")
    return wrong


def main():
    tried = [shell for shell in SHELLS if shutil.which(shell)]
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("Results", "logs", "bin", "scripts"):
            os.mkdir(f"{folder}/{name}")
        for name in ("Results/reference.h5", "Results/notes.txt", "plan.json"):
            open(f"{folder}/{name}", "w").close()
        os.symlink(os.path.abspath(TLBENCH), f"{folder}/bin/tlbench")
        for shell in tried:
            wrong += check(shell, folder)
    for shell in SHELLS:
        print(f"{shell}: {'tried' if shell in tried else 'NOT TRIED, it is not installed'}")
    if wrong or not tried:
        sys.exit("\n".join(["check_completions: failed", *wrong]))
    print("check_completions: ok")


if __name__ == "__main__":
    main()
