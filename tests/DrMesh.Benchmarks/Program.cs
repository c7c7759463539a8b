using DrMesh.Benchmarks.Failover;
using DrMesh.Benchmarks.Frame;
using DrMesh.Benchmarks.Mesh;
using DrMesh.Benchmarks.Postgres;

// A child of a benchmark does one step, so that its time, processor time and memory are measured by themselves.
if (args is [Step.Word, var step])
{
    return await Step.RunAsync(step);
}

return await BenchmarkProgram.RunAsync(
    args,
    [
        new MeshBenchmark(),
        new PostgresBenchmark(),
        new FailoverBenchmark(),
    ]);
