namespace DrMesh.FakeMongoServer.Replication;

/// <summary>A member's state; the numbers are MongoDB's.</summary>
public enum MemberRole
{
    Primary = 1,
    Secondary = 2,
    Down = 8,
    Removed = 10,
}
