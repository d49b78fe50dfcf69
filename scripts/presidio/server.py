"""Presidio's analyzer behind HTTP on this computer, for the test that speaks to the real thing.

The package on PyPI holds the engine and not the few lines of its server (`app.py` of the source
tree), so these stand in for it: the same paths, the same requests, the engine's own answers. The
engine is started without a model of language: what a model finds (names) is not in it.
"""

import http.server
import json
import logging
import os
import urllib.parse

import presidio_analyzer
import tldextract

# The list of top-level domains is the one in the package: nothing is fetched. By default a copy
# would be asked for.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
logging.disable(logging.WARNING)
FOLDER = os.path.join(os.path.dirname(presidio_analyzer.__file__), "conf")
ENGINE = presidio_analyzer.AnalyzerEngineProvider(
    nlp_engine_conf_file=os.path.join(FOLDER, "no_op.yaml")
).create_engine()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        if url.path != "/supportedentities":
            return self.answer(404, {"error": "no such path"})
        language = urllib.parse.parse_qs(url.query).get("language", ["en"])[0]
        try:
            found = ENGINE.get_supported_entities(language)
        except Exception as error:
            return self.answer(500, {"error": str(error)})
        self.answer(200, found)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path != "/analyze":
            return self.answer(404, {"error": "no such path"})
        try:
            asked = presidio_analyzer.AnalyzerRequest(json.loads(body))
            if not asked.text:
                raise ValueError("no text provided")
            found = ENGINE.analyze(
                text=asked.text,
                language=asked.language,
                entities=asked.entities,
                score_threshold=asked.score_threshold,
                return_decision_process=asked.return_decision_process,
                context=asked.context,
            )
        except Exception as error:
            return self.answer(500, {"error": str(error)})
        self.answer(200, [one.to_dict() for one in found])

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
