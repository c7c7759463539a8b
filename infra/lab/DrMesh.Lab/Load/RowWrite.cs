namespace DrMesh.Lab.Load;

/// <summary>One row a writer tried to write, with the moments on this process's monotonic clock (<see cref="TimeProvider.GetTimestamp"/>).</summary>
internal sealed record RowWrite
{
    /// <summary>The writer.</summary>
    public required int Writer { get; init; }

    /// <summary>The row's number, used once: what became of an unacknowledged one is not known.</summary>
    public required long Number { get; init; }

    /// <summary>When it was sent.</summary>
    public required long IntendedAt { get; init; }

    /// <summary>When the acknowledgement came; null: none came.</summary>
    public long? AcknowledgedAt { get; init; }

    /// <summary>The address of the server that acknowledged it.</summary>
    public string? Server { get; init; }

    /// <summary>The timeline it was written on: each promotion raises it.</summary>
    public long Timeline { get; init; }

    /// <summary>Why it is not acknowledged; null: it is.</summary>
    public string? Failure { get; init; }
}
