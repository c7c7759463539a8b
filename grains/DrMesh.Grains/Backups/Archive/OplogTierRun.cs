using System.Collections.Immutable;
using DrMesh.Contracts.Backups;
using DrMesh.Contracts.Databases;
using DrMesh.Core.Backups;
using DrMesh.Core.Backups.Logs;
using DrMesh.Core.Backups.MongoDb;

namespace DrMesh.Grains.Backups.Archive;

/// <summary>The oplog archive of one set in one tier; every tier has its own position, so that one that is away holds up no other.</summary>
/// <param name="cluster">The set.</param>
/// <param name="tier">The tier.</param>
/// <param name="spoolLimit">The most that may wait on this machine's disk, bytes.</param>
/// <param name="time">The clock.</param>
internal sealed class OplogTierRun(ClusterId cluster, string tier, long spoolLimit, TimeProvider time)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);
    private volatile State _state = new(null, default, null, null, []);

    /// <summary>Why it does not read from the set now; null: it does.</summary>
    public string? Trouble => _state.Trouble;

    /// <summary>Operations that are missing for good, one sentence each.</summary>
    public ImmutableArray<string> Gaps => _state.Gaps;

    /// <summary>Where the tier stands; null: nothing is in it yet.</summary>
    public ArchiveTierStatus? Status() => _state is { Position: { } position } state
        ? new ArchiveTierStatus { Tier = tier, Position = position.ToString(), AsOf = state.AsOf, Failure = state.Failure }
        : _state.Failure is { } failure ? new ArchiveTierStatus { Tier = tier, Position = "", AsOf = DateTimeOffset.UnixEpoch, Failure = failure } : null;

    /// <summary>Archives until cancelled.</summary>
    public async Task RunAsync(IMongoEngine engine, IBackupRepository repository, MongoAddress address, CancellationToken cancellationToken)
    {
        using var spool = OplogSpool.Open(cluster, tier);
        var archive = repository.OpenLog(cluster.Value, tier);
        await LookAsync(repository, archive, cancellationToken);
        var looked = time.GetTimestamp();
        await foreach (var happened in engine.ArchiveAsync(archive, new OplogArchiveRequest { Address = address, SpoolDirectory = spool.Path, SpoolBytes = spoolLimit }, cancellationToken))
        {
            switch (happened.Kind)
            {
                case OplogArchiveEventKind.Stored:
                    _state = _state with { Position = happened.Slice.To, AsOf = time.GetUtcNow(), Failure = null, Trouble = null };
                    if (!_state.Gaps.IsEmpty && time.GetElapsedTime(looked) > LookAgain)
                    {
                        await LookAsync(repository, archive, cancellationToken);
                        looked = time.GetTimestamp();
                    }

                    break;
                case OplogArchiveEventKind.StoreFailed:
                    _state = _state with { Failure = $"{happened.Failure!.Message} ({happened.WaitingBytes} bytes wait)" };
                    break;
                case OplogArchiveEventKind.SourceLost:
                    _state = _state with { Trouble = happened.Failure!.Message };
                    break;
                default:
                    _state = _state with { Gaps = _state.Gaps.Add(Gap(happened.Slice.From, happened.Slice.To)) };
                    break;
            }
        }
    }

    // What the tier holds tells its holes, also those of runs before this one. A backup from after a hole heals it: a restore to any later moment begins there.
    private async Task LookAsync(IBackupRepository repository, ILogArchive archive, CancellationToken cancellationToken)
    {
        var ranges = OplogChain.Ranges((await archive.OplogSlicesAsync(cancellationToken)).Select(slice => slice.Name));
        var newest = default(OpTime);
        await foreach (var backup in repository.ListAsync(cluster.Value, cancellationToken))
        {
            if (backup.Engine == MongoFacts.Engine && OpTime.TryParse(backup.Facts.GetValueOrDefault(MongoFacts.Position), out var position) && position > newest)
            {
                newest = position;
            }
        }

        var gaps = ranges.Zip(ranges.Skip(1)).Where(pair => pair.Second.From > newest).Select(pair => Gap(pair.First.To, pair.Second.From));
        _state = _state with
        {
            Position = ranges.Count > 0 ? ranges[^1].To : _state.Position,
            AsOf = ranges.Count > 0 && _state.Position is null ? ranges[^1].To.Time : _state.AsOf,
            Gaps = [.. gaps],
        };
    }

    private string Gap(OpTime from, OpTime to) => $"{tier}: the operations after {from} ({from.Time:u}) up to {to} ({to.Time:u}) are missing: no oplog held them any more";

    private sealed record State(OpTime? Position, DateTimeOffset AsOf, string? Failure, string? Trouble, ImmutableArray<string> Gaps);
}
