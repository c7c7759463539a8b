namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>The highest epoch an agent was given an order under, also one that still waits its turn.</summary>
internal sealed class HighestEpochAsked
{
    private long _epoch;

    /// <summary>It.</summary>
    public long Epoch => Interlocked.Read(ref _epoch);

    /// <summary>An order under this epoch has come.</summary>
    public void Note(long epoch)
    {
        var seen = Epoch;
        while (epoch > seen)
        {
            var was = Interlocked.CompareExchange(ref _epoch, epoch, seen);
            if (was == seen)
            {
                return;
            }

            seen = was;
        }
    }
}
