using System.Collections.Immutable;

namespace DrMesh.Grains.Work;

/// <summary>Does one kind of ordered work on the machine it runs on.</summary>
internal interface IWorker
{
    /// <summary>Whether it does this order.</summary>
    bool Does(WorkOrder order);

    /// <summary>Does it; returns what it found and did.</summary>
    /// <param name="order">What to do.</param>
    /// <param name="report">Tells how far it is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task<ImmutableSortedDictionary<string, string>> DoAsync(WorkOrder order, Action<string> report, CancellationToken cancellationToken);
}
