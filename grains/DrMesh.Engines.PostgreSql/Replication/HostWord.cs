using DrMesh.Engines.PostgreSql.Hosting;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>What an agent makes of its host's word.</summary>
internal static class HostWord
{
    /// <summary>
    /// Refuses an order that the host might undo by itself, which would make it worth nothing. A fence is put up first all the same, and what a server is told while it runs is out of the host's reach.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <param name="isOfConcern">Whether it could undo this order.</param>
    /// <param name="cancellationToken">Ends asking.</param>
    /// <param name="standing">What is so in spite of it.</param>
    /// <exception cref="OrderRefusedException">It might.</exception>
    public static async Task RefuseWhatItMayUndoAsync(this IDatabaseHost host, bool isOfConcern, CancellationToken cancellationToken, string standing = "")
    {
        if (isOfConcern && await host.ObjectionAsync(cancellationToken) is { } objection)
        {
            throw new OrderRefusedException(standing + objection);
        }
    }
}
