using System.Collections.Concurrent;
using DrMesh.Contracts.Backups;
using DrMesh.Core.Backups;

namespace DrMesh.Engines.Repository.Verification;

/// <summary>What is found in one tier while workers read it.</summary>
internal sealed class TierFindings(string tier)
{
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<BackupId, bool>> _harmed = new(StringComparer.Ordinal);

    /// <summary>Packs found, whole or damaged, with their newest generation's object key and, when it could be read, their facts.</summary>
    public ConcurrentDictionary<(ulong Writer, uint Pack), (string Key, PackFacts? Facts)> Packs { get; } = new();

    public void Report(string key, string fault) => _faults.TryAdd(key, fault);

    /// <summary>Says that a backup needs an object.</summary>
    public void Need(string key, BackupId backup) => _harmed.GetOrAdd(key, _ => new())[backup] = true;

    public IEnumerable<Damage> Damages => _faults.OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => new Damage
    {
        Tier = tier,
        Key = fault.Key,
        Fact = fault.Value,
        Backups = _harmed.TryGetValue(fault.Key, out var backups) ? [.. backups.Keys.OrderBy(id => id.Value, StringComparer.Ordinal)] : [],
    });
}
