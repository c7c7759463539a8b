using Xunit.Sdk;
using Xunit.v3;

// Scenarios measure times between processes; two at once would measure each other.
[assembly: Parallelization(Mode = ParallelMode.None)]
