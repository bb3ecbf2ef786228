"""Drives a headless Chromium over its debugging port on the loopback interface."""

import base64
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request


class Browser:
    """One tab; `problems` lists what a page did that it should not."""

    def __init__(self):
        import websocket

        self.folder = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            [shutil.which("chromium") or "chromium", "--headless=new", "--no-sandbox",
             "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
             "--remote-debugging-port=0", "--remote-allow-origins=*",
             f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for line in self.process.stderr:
            if "DevTools listening on" in line:
                port = line.split(":")[2].split("/")[0] if "127.0.0.1" in line else None
                break
        tabs = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        tab = next(tab for tab in tabs if tab["type"] == "page")
        self.socket = websocket.create_connection(tab["webSocketDebuggerUrl"], timeout=120)
        self.number = 0
        self.events = []
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(domain + ".enable")

    def call(self, method, **parameters):
        self.number += 1
        number = self.number
        self.socket.send(json.dumps(dict(id=number, method=method, params=parameters)))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(message["error"])
                return message["result"]
            self.events.append(message)

    def open(self, path, width, dark=False, height=900):
        self.events = []
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        scheme = "dark" if dark else "light"
        self.call("Emulation.setEmulatedMedia", media="",
                  features=[dict(name="prefers-color-scheme", value=scheme)])
        self.call("Page.navigate", url=f"file://{path}")
        while not any(event["method"] == "Page.loadEventFired" for event in self.events):
            self.evaluate("1")
            time.sleep(0.05)

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def settle(self):
        """Waits until the page has not scrolled for ten frames."""
        self.evaluate(
            "new Promise(done => { let last = '', still = 0; (function look() {"
            " const now = scrollX + ' ' + scrollY; still = now === last ? still + 1 : 0;"
            " last = now; if (still < 10) requestAnimationFrame(look); else done(1); })(); })")

    def screenshot(self, path):
        height = self.evaluate("document.documentElement.scrollHeight")
        width = self.evaluate("innerWidth")
        image = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                          clip=dict(x=0, y=0, width=width, height=height, scale=1))
        with open(path, "wb") as file:
            file.write(base64.b64decode(image["data"]))

    def pages(self):
        """How many pages of A4 the page prints on."""
        document = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        data = base64.b64decode(document["data"])
        return data.count(b"/Type /Page\n") + data.count(b"/Type /Page ")

    def problems(self):
        found = []
        for event in self.events:
            method, details = event["method"], event["params"]
            if method == "Runtime.exceptionThrown":
                found.append(details["exceptionDetails"]["text"])
            elif method == "Runtime.consoleAPICalled":
                found.append(str(details["args"])[:200])
            elif method == "Log.entryAdded":
                found.append(details["entry"]["text"][:300])
            elif method == "Network.requestWillBeSent":
                url = details["request"]["url"]
                if not url.startswith("file://"):
                    found.append(f"request of {url[:80]}")
        return found

    def close(self):
        try:
            self.call("Browser.close")
        finally:
            self.process.wait(20)
            shutil.rmtree(self.folder, ignore_errors=True)
