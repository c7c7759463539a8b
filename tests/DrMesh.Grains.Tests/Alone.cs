using Xunit.Sdk;
using Xunit.v3;

// Most of a test's time is waiting, for servers, elections and leases, and each has a world of its own: four run at once, of one class or of several.
[assembly: Parallelization(Mode = ParallelMode.All, MaxThreads = 4)]

namespace DrMesh.Grains.Tests;

/// <summary>The tests that demand something within a lease: nothing runs beside them. A class joins with <c>[Collection(nameof(Alone))]</c>.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
