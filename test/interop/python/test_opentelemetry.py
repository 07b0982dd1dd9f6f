"""OpenTelemetry's own SDK, with nothing but the endpoint, the header and the compression of its documentation. Protobuf is its default."""

import logging
from uuid import uuid4

import pytest
import requests
from conftest import ISSUER, STAGE, drives
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

pytestmark = drives("opentelemetry-exporter-otlp-proto-http")
RESOURCE = Resource.create({"service.name": "python-shop"})


@pytest.fixture(scope="module")
def login() -> dict[str, str]:
    return {"authorization": f"Bearer {requests.get(STAGE, timeout=30).json()['token']}"}


@pytest.fixture(scope="module")
def key(login: dict[str, str]) -> dict[str, str]:
    environments = requests.get(f"{ISSUER}/oauth/environments", headers=login, timeout=30).json()
    return {"x-api-key": environments[0]["apiKey"]}


def found(mark: str, login: dict[str, str]) -> dict[str, dict]:
    filters = [
        {"field": "data.resource.service\\.name", "operator": "eq", "value": "python-shop"},
        {"field": "data.attributes.mark", "operator": "eq", "value": mark},
    ]
    answer = requests.post(f"{ISSUER}/api/public/event/search", json={"filters": filters}, headers=login, timeout=30)
    assert answer.status_code == 200, answer.text
    return {event["data"].get("event_name", ""): event["data"] for event in answer.json()["events"]}


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
def test_spans(compression: Compression, key: dict[str, str], login: dict[str, str]) -> None:
    """spans by OTLP/HTTP in protobuf, as they are and by gzip, found with their trace, attributes and exception"""
    provider = TracerProvider(resource=RESOURCE)
    exporter = OTLPSpanExporter(f"{ISSUER}/v1/traces", headers=key, compression=compression)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    tracer = provider.get_tracer("shop.http", "2.0.0")
    mark = str(uuid4())
    with pytest.raises(ValueError), tracer.start_as_current_span("POST /orders", kind=trace.SpanKind.SERVER) as parent:
        parent.set_attributes({"mark": mark, "items": [1, 2], "large": 2**63 - 1})
        with tracer.start_as_current_span("charge", attributes={"mark": mark}):
            raise ValueError("declined")
    assert provider.force_flush()
    provider.shutdown()
    spans = found(mark, login)
    served, charged = spans["POST /orders"], spans["charge"]
    assert served["trace_id"] == format(parent.get_span_context().trace_id, "032x")
    assert served["attributes"] == {"mark": mark, "items": [1, 2], "large": "9223372036854775807"}
    assert (served["kind"], served["scope"]) == ("server", {"name": "shop.http", "version": "2.0.0"})
    assert (charged["parent_span_id"], charged["status"]) == (served["span_id"], "error")
    assert charged["events"][0]["attributes"]["exception.message"] == "declined"


@pytest.mark.parametrize("compression", [Compression.NoCompression, Compression.Gzip])
def test_logs(compression: Compression, key: dict[str, str], login: dict[str, str]) -> None:
    """records of Python's logging, as they are and by gzip, found with their severity and what was logged"""
    provider = LoggerProvider(resource=RESOURCE)
    exporter = OTLPLogExporter(f"{ISSUER}/v1/logs", headers=key, compression=compression)
    provider.add_log_record_processor(BatchLogRecordProcessor(exporter))
    mark = str(uuid4())
    logger = logging.getLogger(mark)
    logger.addHandler(LoggingHandler(logger_provider=provider))
    logger.warning("order %d was declined", 7, extra={"mark": mark})
    assert provider.force_flush()
    provider.shutdown()
    (record,) = found(mark, login).values()
    assert (record["signal"], record["severity_number"], record["body"]) == ("log", 13, "order 7 was declined")
