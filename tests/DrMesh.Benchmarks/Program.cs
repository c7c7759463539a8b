using DrMesh.Benchmarks.Failover;
using DrMesh.Benchmarks.Frame;
using DrMesh.Benchmarks.Mesh;
using DrMesh.Benchmarks.Postgres;
using DrMesh.Benchmarks.Unified;

// A child of a benchmark does one step, so that its time, processor time and memory are measured by themselves.
if (args is [Step.Word, var step])
{
    return await Step.RunAsync(step);
}

if (args is [UnifiedStep.Word, var unified])
{
    return await UnifiedStep.RunAsync(unified);
}

return await BenchmarkProgram.RunAsync(
    args,
    [
        new MeshBenchmark(),
        new PostgresBenchmark(),
        new FailoverBenchmark(),
        new EvacuationBenchmark(),
        new StarvationBenchmark(),
        new UnifiedBenchmark(),
    ]);
