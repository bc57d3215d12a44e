"""
Reference numbers for histogram-divergence.spec.ts, by TensorFlow Data Validation itself, as its gate computes them:
  pip install --no-deps tensorflow-data-validation==1.16.1 tensorflow-metadata==1.16.1 protobuf==4.25.5 googleapis-common-protos absl-py
  python histogram-divergence.reference.py > histogram-divergence.reference.json
Only its compiled validator is loaded: that needs neither TensorFlow nor Beam.
"""
import importlib.util
import json
import random
import sysconfig
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import anomalies_pb2, schema_pb2, statistics_pb2

name = "tensorflow_data_validation_extension"
path = f"{sysconfig.get_paths()['platlib']}/tensorflow_data_validation/pywrap/{name}.so"
spec = importlib.util.spec_from_file_location(f"tensorflow_data_validation.pywrap.{name}", path)
tfdv = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tfdv)

schema = text_format.Parse("""feature { name: "x" type: FLOAT drift_comparator { jensen_shannon_divergence { threshold: 0.0 } } }""", schema_pb2.Schema())
strings = text_format.Parse("""feature { name: "x" type: BYTES drift_comparator { infinity_norm { threshold: 0.0 } normalized_abs_difference { threshold: 0.0 } } }""", schema_pb2.Schema())


def dataset(fill):
    rows = statistics_pb2.DatasetFeatureStatisticsList()
    one = rows.datasets.add(num_examples=1000)
    fill(one.features.add())
    return rows


def common(stats):
    stats.common_stats.CopyFrom(statistics_pb2.CommonStatistics(num_non_missing=1000, min_num_values=1, max_num_values=1, tot_num_values=1000))


def numbers(buckets, nan):
    def fill(feature):
        feature.path.step.append("x")
        feature.type = statistics_pb2.FeatureNameStatistics.FLOAT
        common(feature.num_stats)
        histogram = feature.num_stats.histograms.add(num_nan=nan, type=statistics_pb2.Histogram.STANDARD)
        for low, high, count in buckets:
            histogram.buckets.add(low_value=low, high_value=high, sample_count=count)
    return dataset(fill)


def texts(counts):
    def fill(feature):
        feature.path.step.append("x")
        feature.type = statistics_pb2.FeatureNameStatistics.STRING
        common(feature.string_stats)
        feature.string_stats.unique = len(counts)
        for i, count in enumerate(counts):
            if count > 0:
                feature.string_stats.rank_histogram.buckets.add(label=f"c{i}", sample_count=count)
    return dataset(fill)


def measurements(schema, reference, sample):
    found = anomalies_pb2.Anomalies()
    validated = tfdv.validation.ValidateFeatureStatistics(
        sample.datasets[0].SerializeToString(), schema.SerializeToString(), "", reference.datasets[0].SerializeToString(), "", "", "", "", False)
    found.ParseFromString(validated)
    return {m.type: m.value for info in found.drift_skew_info for m in info.drift_measurements}


def histogram(rng):
    edge = rng.choice([0.0, 1.0, round(rng.uniform(-5, 5), 3)])
    buckets = []
    for _ in range(rng.randint(1, 10)):
        if rng.random() < 0.2:
            buckets.append((edge, edge, float(rng.randint(1, 50))))
        width = rng.choice([1.0, 0.5, round(rng.uniform(0.1, 3), 3)])
        buckets.append((edge, edge + width, float(rng.randint(0, 100))))
        edge += width
    if rng.random() < 0.2:
        buckets.append((edge, float("inf"), float(rng.randint(1, 9))))
    return {"buckets": buckets, "nan": 0}


def recounted(rng, other):
    """The same edges, as TFDV forgets NaN where edges differ (its RebucketHistogram does not copy num_nan)."""
    return {"buckets": [(low, high, float(rng.randint(0, 100))) for low, high, _ in other["buckets"]], "nan": rng.choice([0, 7])}


rng = random.Random(20010101)
D = anomalies_pb2.DriftSkewInfo.Measurement
cases = []
for i in range(40):
    a = histogram(rng)
    b = recounted(rng, a) if i % 4 == 0 else histogram(rng)
    if i % 8 == 0:
        a["nan"] = 3
    value = measurements(schema, numbers(**a), numbers(**b))
    if value:
        cases.append({"reference": a, "sample": b, "divergence": value[D.JENSEN_SHANNON_DIVERGENCE]})
counts = []
for _ in range(10):
    k = rng.randint(2, 9)
    a, b = ([rng.randint(0, 90) for _ in range(k)] for _ in range(2))
    value = measurements(strings, texts(a), texts(b))
    counts.append({"reference": a, "sample": b, "lInfinity": value[D.L_INFTY], "normalizedAbsoluteDifference": value.get(D.NORMALIZED_ABSOLUTE_DIFFERENCE)})
lines = lambda items: "[\n" + ",\n".join(json.dumps(item) for item in items) + "\n]"
print('{"histograms": ' + lines(cases).replace(" Infinity", ' "Infinity"') + ', "counts": ' + lines(counts) + "}")
