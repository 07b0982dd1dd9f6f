package interop

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/log"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// OpenTelemetry's own SDK, with nothing but the endpoint, the header and the compression of its documentation. Protobuf is all it has.
func TestOpenTelemetry(t *testing.T) {
	ctx := context.Background()
	login, key := sender(t)
	shop := resource.NewSchemaless(attribute.String("service.name", "go-shop"))

	driving(".", "go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp").gets(t, "spans in protobuf by gzip, found with their trace, attributes and error", func(t *testing.T) {
		exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(issuer+"/v1/traces"), otlptracehttp.WithHeaders(key), otlptracehttp.WithCompression(otlptracehttp.GzipCompression))
		must(t, err)
		provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(shop))
		tracer := provider.Tracer("shop.http")
		within, parent := tracer.Start(ctx, "POST /orders", trace.WithSpanKind(trace.SpanKindServer))
		_, child := tracer.Start(within, "charge", trace.WithAttributes(attribute.Int64Slice("items", []int64{1, 2})))
		child.RecordError(errors.New("declined"))
		child.SetStatus(codes.Error, "declined")
		child.End()
		parent.End()
		must(t, provider.Shutdown(ctx))
		traceID := parent.SpanContext().TraceID().String()
		served := foundEvent(t, login, "data.trace_id", traceID, "POST /orders")
		equal(t, "the kind", served["kind"], "server")
		charged := foundEvent(t, login, "data.trace_id", traceID, "charge")
		equal(t, "the parent", charged["parent_span_id"], served["span_id"])
		equal(t, "the status", charged["status"], "error")
		equal(t, "the attributes", charged["attributes"], map[string]any{"items": []any{1, 2}})
	})

	driving(".", "go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp").gets(t, "log records in protobuf, found with their severity and body", func(t *testing.T) {
		exporter, err := otlploghttp.New(ctx, otlploghttp.WithEndpointURL(issuer+"/v1/logs"), otlploghttp.WithHeaders(key))
		must(t, err)
		provider := sdklog.NewLoggerProvider(sdklog.WithProcessor(sdklog.NewBatchProcessor(exporter)), sdklog.WithResource(shop))
		var record log.Record
		record.SetEventName("go.order.declined")
		record.SetSeverity(log.SeverityWarn)
		record.SetBody(attribute.MapValue(attribute.Int("order", 7), attribute.Float64("total", 12.5)))
		provider.Logger("shop.orders").Emit(ctx, record)
		must(t, provider.Shutdown(ctx))
		declined := foundEvent(t, login, "data.resource.service\\.name", "go-shop", "go.order.declined")
		equal(t, "the severity", declined["severity_number"], 13)
		equal(t, "the body", declined["body"], map[string]any{"order": 7, "total": 12.5})
	})
}

// sender is a login that searches, and the header with which an environment is sent to.
func sender(t *testing.T) (string, map[string]string) {
	t.Helper()
	var told struct{ Token string }
	get(t, stage, &told)
	request, err := http.NewRequest(http.MethodGet, issuer+"/oauth/environments", nil)
	must(t, err)
	request.Header.Set("Authorization", "Bearer "+told.Token)
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	var environments []struct{ APIKey string }
	read(t, response, http.StatusOK, &environments)
	return told.Token, map[string]string{"x-api-key": environments[0].APIKey}
}

// foundEvent is what the only event of that name says, where the field has the value.
func foundEvent(t *testing.T, login, field, value, name string) map[string]any {
	t.Helper()
	filter := func(field, value string) map[string]any {
		return map[string]any{"field": field, "operator": "eq", "value": value}
	}
	body, err := json.Marshal(map[string]any{"filters": []any{filter(field, value), filter("event_name", name)}})
	must(t, err)
	request, err := http.NewRequest(http.MethodPost, issuer+"/api/public/event/search", bytes.NewReader(body))
	must(t, err)
	request.Header.Set("Authorization", "Bearer "+login)
	response, err := http.DefaultClient.Do(request)
	must(t, err)
	var found struct {
		Events []struct{ Data map[string]any }
	}
	read(t, response, http.StatusOK, &found)
	if len(found.Events) != 1 {
		t.Fatalf("%d events are called %s", len(found.Events), name)
	}
	return found.Events[0].Data
}
