#!/usr/bin/env bash
# A real Spark cluster on the loopback interface: a standalone master, two workers and a Thrift Server
# with a Hive metastore, then the parity run through `--target spark`. Stops whatever it started.
# Needs Java 17, requirements/spark.txt and about 3 GB of memory.
# Usage: benchmarks/spark_cluster.sh [PARCELS A DAY] [further arguments of benchmarks.parity]
# --as-shipped among them starts the cluster with Spark's default planning.
# Add here another process of the cluster. Keep out: what is built and compared (benchmarks/parity/).
set -euo pipefail

project=$(cd "$(dirname "$0")/.." && pwd)
python="$project/.venv/bin/python"
parcels=${1:-200}
shift || true

SPARK_HOME=$("$python" -c "import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent)")
work=$(mktemp -d "${TMPDIR:-/tmp}/spark-cluster.XXXXXX")
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1 SPARK_NO_DAEMONIZE=1 SPARK_CONF_DIR="$work/conf"
export PYSPARK_PYTHON="$python" SPARK_WORKER_DIR="$work/workers" SPARK_LOCAL_DIRS="$work/local"
mkdir -p "$SPARK_CONF_DIR" "$work/logs"
started=()

stop() {
    local code=$?
    # Workers and server first, the master last.
    for ((index = ${#started[@]} - 1; index >= 0; index--)); do
        kill "${started[$index]}" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    if ((code != 0)); then
        echo "the cluster run ended with $code; the last words of its processes:" >&2
        tail -n 15 "$work"/logs/*.log >&2 || true
    fi
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM

free_port() {
    "$python" -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])"
}

start() { # NAME COMMAND...: in the background, output to a log
    local name=$1
    shift
    "$@" >"$work/logs/$name.log" 2>&1 &
    started+=($!)
    echo "started $name (process $!)"
}

wait_for_port() { # PORT NAME: until the process started last answers, at most five minutes
    for _ in $(seq 300); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return 0; fi
        kill -0 "${started[-1]}" 2>/dev/null || break
        sleep 1
    done
    echo "$2 does not answer on port $1" >&2
    return 1
}

master_port=$(free_port)
thrift_port=$(free_port)
# Small data: compiling and re-planning queries would cost more than it saves.
planning=(--conf spark.sql.shuffle.partitions=4
    --conf spark.sql.adaptive.enabled=false --conf spark.sql.codegen.wholeStage=false
    --conf spark.sql.codegen.factoryMode=NO_CODEGEN
    --conf spark.sql.optimizer.dynamicPartitionPruning.enabled=false)
for argument in "$@"; do
    if [[ $argument == --as-shipped ]]; then planning=(); fi
done
java="-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=240m -XX:+UseSerialGC"

# The start-*.sh wrappers are not part of the Python package; these are the classes that they start.
export SPARK_DAEMON_MEMORY=256m SPARK_DAEMON_JAVA_OPTS="$java"
start master "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.master.Master \
    --host 127.0.0.1 --port "$master_port" --webui-port 0
wait_for_port "$master_port" master
for worker in 1 2; do
    start "worker$worker" "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker \
        --host 127.0.0.1 --cores 1 --memory 700m --webui-port 0 "spark://127.0.0.1:$master_port"
done
export SPARK_DAEMON_MEMORY=1g # the server's heap; --driver-memory is not read for it
# No impersonation: sessions share one metastore client that belongs to whoever used it last. Where each
# session has its own identity, another one may take the client over just while this one is closing;
# Hive then loads all its functions, of which one needs a class that Spark 4 does not ship (LlapSigner).
start thrift "$SPARK_HOME/bin/spark-submit" \
    --class org.apache.spark.sql.hive.thriftserver.HiveThriftServer2 \
    --master "spark://127.0.0.1:$master_port" --executor-memory 600m \
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.enabled=false \
    "${planning[@]}" \
    --conf "spark.sql.warehouse.dir=$work/warehouse" \
    --conf "spark.hadoop.javax.jdo.option.ConnectionURL=jdbc:derby:;databaseName=$work/metastore;create=true" \
    --conf "spark.driver.extraJavaOptions=-Dderby.system.home=$work" \
    --conf "spark.executor.extraJavaOptions=$java" \
    spark-internal \
    --hiveconf hive.server2.thrift.bind.host=127.0.0.1 \
    --hiveconf hive.server2.authentication=NOSASL \
    --hiveconf hive.server2.enable.doAs=false \
    --hiveconf "hive.server2.thrift.port=$thrift_port"
wait_for_port "$thrift_port" "the Thrift Server"

echo "workers that registered: $(grep -c 'Registering worker' "$work/logs/master.log" || true)"
export IMPORT_RISK_SPARK_USER="${USER:-import_risk}" IMPORT_RISK_SPARK_AUTH=NOSASL TMPDIR="$work"
cd "$project"
"$python" -m benchmarks.parity --parcels "$parcels" --thrift "127.0.0.1:$thrift_port" "$@"
echo "executors that worked: $(grep -c 'Launching executor' "$work/logs/master.log" || true)"
processes=$(IFS=,; echo "${started[*]}")
echo "the cluster's processes: $(
    ps -o rss=,cputimes= --ppid "$processes" -p "$processes" |
        awk '{ rss += $1; cpu += $2 } END { print int(rss / 1024) " MB resident, " cpu " CPU s with their start" }'
)"
