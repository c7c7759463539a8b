using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.Repository.Format;
using DrMesh.Engines.Repository.Crypto;
using DrMesh.Engines.Repository.Manifests;

namespace DrMesh.Engines.Repository.Tiers;

/// <summary>The tiers of one repository: all with the same id, secret and objects. A tier that did not answer is tried again at each use.</summary>
internal sealed class TierSet : IAsyncDisposable
{
    private readonly IReadOnlyList<Tier> _all;
    private readonly ConcurrentDictionary<string, bool> _opened = new();
    private readonly ConcurrentDictionary<ulong, DataKey> _dataKeys = new();
    private readonly bool _create;

    private TierSet(IReadOnlyList<Tier> all, RepositoryHead head, RepositorySecret secret, bool create)
    {
        _all = all;
        _create = create;
        Head = head;
        Secret = secret;
    }

    public RepositoryHead Head { get; }

    public RepositorySecret Secret { get; }

    public IReadOnlyList<Tier> All => _all;

    public static async Task<TierSet> OpenAsync(IReadOnlyList<Tier> tiers, bool create, TimeProvider time, CancellationToken cancellationToken)
    {
        var failures = new List<DrMeshException>();
        foreach (var tier in tiers)
        {
            try
            {
                var (head, secret) = await tier.OpenAsync(cancellationToken);
                var set = new TierSet(tiers, head, secret, create);
                set._opened[tier.Name] = true;
                await set.OpenRestAsync(cancellationToken);
                return set;
            }
            catch (DrMeshException failure) when (RepositoryErrors.IsStoreFault(failure.Code))
            {
                failures.Add(failure);
            }
        }

        // A tier that does not answer may hold the repository: only where all say there is none is a new one made.
        if (create && failures.All(failure => failure.Code == DrMeshError.RepositoryUnknown))
        {
            var head = new RepositoryHead { Format = 1, Id = Tier.NewRepositoryId(), CreatedAt = time.GetUtcNow() };
            var secret = new RepositorySecret(DataKey.Create().Bytes.ToArray());
            await tiers[0].CreateAsync(head, secret, cancellationToken);
            return await OpenAsync(tiers, create, time, cancellationToken);
        }

        var worst = failures.FirstOrDefault(failure => failure.Code != DrMeshError.RepositoryUnknown) ?? failures[0];
        ExceptionDispatchInfo.Throw(worst);
        throw worst;
    }

    /// <summary>Makes sure a tier belongs to this repository, creating what is missing when allowed.</summary>
    public async Task OpenAsync(Tier tier, CancellationToken cancellationToken)
    {
        if (_opened.ContainsKey(tier.Name))
        {
            return;
        }

        if (await tier.ReadHeadAsync(cancellationToken) is not { } head)
        {
            if (!_create)
            {
                throw new DrMeshException(
                    DrMeshError.RepositoryUnknown, $"{tier.Store.Address} holds no repository", "check the address; drmesh repo create makes one");
            }

            await tier.CreateAsync(Head, Secret, cancellationToken);
            head = await tier.ReadHeadAsync(cancellationToken);
        }

        if (head!.Id != Head.Id)
        {
            throw new DrMeshException(
                DrMeshError.RepositoryTiersDiffer,
                $"tier {tier.Name} at {tier.Store.Address} is repository {head.Id}, not {Head.Id}",
                "tiers of one repository hold the same objects: give the tier an empty place, then drmesh repo copy");
        }

        await tier.ReadKeyAsync(Head.Id, ObjectNames.RootKey(Head.Id), cancellationToken);
        _opened[tier.Name] = true;
    }

    public Tier Get(string name) => _all.FirstOrDefault(tier => tier.Name == name)
        ?? throw new DrMeshException(
            DrMeshError.UsageInvalid, $"the repository has no tier {name}", $"its tiers are {string.Join(", ", _all.Select(tier => tier.Name))}");

    /// <summary>The first answer of the tiers in their order; a tier that fails is passed over. When all fail, the first failure is thrown.</summary>
    public async Task<T> FirstAsync<T>(Func<Tier, Task<T>> ask, CancellationToken cancellationToken)
    {
        DrMeshException? first = null;
        foreach (var tier in _all)
        {
            try
            {
                await OpenAsync(tier, cancellationToken);
                return await ask(tier);
            }
            catch (DrMeshException failure) when (RepositoryErrors.IsStoreFault(failure.Code))
            {
                // Missing in one tier and unreachable in another: the second is what a person must know.
                first = first is null || first.Code == DrMeshError.RepositoryObjectMissing ? failure : first;
            }
        }

        ExceptionDispatchInfo.Throw(first!);
        throw first!;
    }

    /// <summary>The data key of a writer's chunks.</summary>
    public async ValueTask<DataKey> DataKeyAsync(ulong writer, CancellationToken cancellationToken)
    {
        if (_dataKeys.TryGetValue(writer, out var known))
        {
            return known;
        }

        var key = await FirstAsync(
            async tier => new DataKey(await tier.ReadKeyAsync(Head.Id, ObjectNames.Writer(writer), cancellationToken)), cancellationToken);
        return _dataKeys.GetOrAdd(writer, key);
    }

    public void Remember(ulong writer, DataKey key) => _dataKeys[writer] = key;

    public async ValueTask DisposeAsync()
    {
        foreach (var tier in _all)
        {
            await tier.Store.DisposeAsync();
        }
    }

    private async Task OpenRestAsync(CancellationToken cancellationToken)
    {
        foreach (var tier in _all)
        {
            try
            {
                await OpenAsync(tier, cancellationToken);
            }
            catch (DrMeshException failure) when (RepositoryErrors.IsStoreFault(failure.Code))
            {
                // Tried again at each use; a writer then reports it as lost.
            }
        }
    }
}
