using System.Net;

namespace DrMesh.Core.Traffic;

/// <summary>A server that answers for a zone with authority.</summary>
/// <param name="Name">Its name, or its address when it was configured without one.</param>
/// <param name="EndPoint">Where it is asked.</param>
public sealed record AuthoritativeServer(string Name, IPEndPoint EndPoint)
{
    /// <inheritdoc/>
    public override string ToString() => Name == EndPoint.Address.ToString() || Name == EndPoint.ToString() ? EndPoint.ToString() : $"{Name} ({EndPoint})";
}
