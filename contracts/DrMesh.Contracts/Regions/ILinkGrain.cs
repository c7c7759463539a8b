using DrMesh.Contracts.Access;

namespace DrMesh.Contracts.Regions;

/// <summary>The way from one silo to another: answers at once, and measures how another answers. Keyed <c>region/node</c> and placed on that silo.</summary>
[Alias("drmesh.link-grain")]
public interface ILinkGrain : IGrainWithStringKey
{
    /// <summary>Answers without doing anything.</summary>
    [Alias("Answer"), LeastRole(AccessRole.Viewer), ResponseTimeout("00:00:05")]
    Task Answer();

    /// <summary>Calls another silo's <see cref="Answer"/> for a while and says how that went.</summary>
    /// <param name="other">The node to call; it may be this one.</param>
    /// <param name="callers">Calls under way at once, 1 to 256.</param>
    /// <param name="duration">How long, up to 20 s.</param>
    /// <param name="cancellationToken">Ends the measurement early.</param>
    [Alias("Measure"), LeastRole(AccessRole.Operator)]
    Task<LinkMeasurement> Measure(NodeId other, int callers, TimeSpan duration, CancellationToken cancellationToken);
}
