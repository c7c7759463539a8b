using DrMesh.Core.Recovery;

namespace DrMesh.Grains.Agents;

/// <summary>What is known of a member's own lease, changed by answers that come at any time.</summary>
internal sealed class LeaseCell
{
    private readonly Lock _lock = new();
    private LeaseHolder _holder = LeaseHolder.None;

    /// <summary>As it is now.</summary>
    public LeaseHolder Holder
    {
        get
        {
            lock (_lock)
            {
                return _holder;
            }
        }
    }

    /// <summary>Changes it; the result.</summary>
    public LeaseHolder Change(Func<LeaseHolder, LeaseHolder> change)
    {
        lock (_lock)
        {
            return _holder = change(_holder);
        }
    }
}
