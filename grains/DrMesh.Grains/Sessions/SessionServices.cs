using DrMesh.Core.Sessions;
using Microsoft.Extensions.Logging;

namespace DrMesh.Grains.Sessions;

/// <summary>What every session grain of a kind works with.</summary>
/// <typeparam name="TPlan">The session's plan.</typeparam>
public sealed class SessionServices<TPlan>(
    SessionKind<TPlan> kind, ISessionTable table, SessionRoster roster, ISessionCaller caller, TimeProvider time,
    ILocalSiloDetails silo, ILogger<SessionServices<TPlan>> logger)
    where TPlan : class
{
    /// <summary>The machine and its runners.</summary>
    public SessionKind<TPlan> Kind { get; } = kind;

    /// <summary>The sessions of the mesh.</summary>
    public ISessionTable Table { get; } = table;

    /// <summary>Who calls.</summary>
    public ISessionCaller Caller { get; } = caller;

    /// <summary>The sessions this silo runs.</summary>
    public SessionRoster Roster { get; } = roster;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>This silo's address as Orleans writes it; changes with every start.</summary>
    public string Silo { get; } = silo.SiloAddress.ToParsableString();

    /// <summary>The log.</summary>
    public ILogger Logger { get; } = logger;
}
