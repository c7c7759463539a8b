using DrMesh.Benchmarks.Frame;
using DrMesh.Benchmarks.Mesh;

return await BenchmarkProgram.RunAsync(
    args,
    [
        new MeshBenchmark(),
    ]);
