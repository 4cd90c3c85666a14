"""A receiver of OTLP over HTTP by somebody else: reads what is posted with opentelemetry-proto's own messages and protobuf's own
JSON mapping, unknown members refused, and prints one line of JSON for each message. Prints its port first."""
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

from google.protobuf.json_format import Parse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality


def attributes(given):
    return {one.key: one.value.string_value for one in given}


def point(data):
    said = {"attributes": attributes(data.attributes), "start": data.start_time_unix_nano, "time": data.time_unix_nano}
    if hasattr(data, "bucket_counts"):
        said["count"] = data.count
        said["cells"] = list(data.bucket_counts)
        said["bounds"] = list(data.explicit_bounds)
    else:
        said["value"] = data.as_int
    return said


def told(message):
    metrics = {}
    for resource in message.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                kind = metric.WhichOneof("data")
                data = getattr(metric, kind)
                metrics[metric.name] = {
                    "kind": kind,
                    "unit": metric.unit,
                    "cumulative": kind == "gauge"
                    or data.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE,
                    "monotonic": kind == "sum" and data.is_monotonic,
                    "points": [point(one) for one in data.data_points],
                }
    return {"resource": [attributes(one.resource.attributes) for one in message.resource_metrics], "metrics": metrics}


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        try:
            if self.path != "/v1/metrics" or self.headers["content-type"] != "application/json":
                raise ValueError(f"{self.path} {self.headers['content-type']}")
            line = {**told(Parse(body, ExportMetricsServiceRequest(), ignore_unknown_fields=False)), "raw": body}
            status = 200
        except Exception as error:  # whatever it is, it is the answer
            line, status = {"error": str(error), "raw": body}, 400
        self.send_response(status)
        self.send_header("content-length", "2")
        self.end_headers()
        self.wfile.write(b"{}")
        print(json.dumps(line), flush=True)

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
