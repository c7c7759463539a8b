using Xunit.Sdk;
using Xunit.v3;

// Most of a scenario's time is waiting, so three run at once, each with servers of its own.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 3)]

namespace DrMesh.Scenarios;

/// <summary>
/// The scenarios that measure times between processes, or take a whole machine: nothing runs beside them, for two at once would measure each other. Those that only ask for an end stay outside.
/// A class joins with <c>[Collection(nameof(Alone))]</c>.
/// </summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
