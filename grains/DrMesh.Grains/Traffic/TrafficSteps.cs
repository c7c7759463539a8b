using DrMesh.Contracts.Errors;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Traffic;
using Microsoft.Extensions.Options;

namespace DrMesh.Grains.Traffic;

/// <summary>Carries out the phases of a switch. Each is safe to run again after a crash: it asks what is there before it changes anything.</summary>
internal sealed class TrafficSteps(IDnsProviders providers, IAuthoritativeVerifier verifier, IOptions<TrafficOptions> options, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Plans a piece of work from what the provider holds now.</summary>
    public async Task<SwitchPlan> PlanAsync(TrafficWork work, CancellationToken cancellationToken) =>
        await PlanAsync(work.Service, work.Provider, work.Operation.To, work.Mark, work.Adopt, cancellationToken);

    /// <summary>Runs the phase the work is in, to the state to persist.</summary>
    public Task<TrafficState> StepAsync(TrafficState state, TrafficWork work, CancellationToken cancellationToken) => work.Operation.Phase switch
    {
        TrafficPhase.Changing => ChangeAsync(state, work, cancellationToken),
        TrafficPhase.Confirming => ConfirmAsync(state, work, cancellationToken),
        _ => VerifyAsync(state, work, cancellationToken),
    };

    /// <summary>Reads all that a piece of work would read, and changes nothing.</summary>
    public async Task RehearseAsync(TrafficWork work, CancellationToken cancellationToken)
    {
        await PlanAsync(work, cancellationToken);
        var servers = await ServersAsync(work, cancellationToken);
        await OffGrain(() => Task.WhenAll(TrafficOrders.Expected(work).Select(expected => verifier.AskAsync(expected, servers, cancellationToken))));
    }

    /// <summary>Compares the provider with the wanted state; what a stale writer of DrMesh left is put back.</summary>
    /// <returns>The differences that are left alone.</returns>
    public async Task<IReadOnlyList<string>> ReconcileAsync(
        ServiceDefinition service, DnsProviderDefinition provider, RegionId active, OwnerMark mark, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(service, provider, active, mark, adopt: false, cancellationToken);
        var (putBack, report) = DriftJudge.Judge(plan, mark);
        if (putBack is not null)
        {
            await OffGrain(() => providers.Get(provider).ChangeAsync(putBack, cancellationToken));
        }

        return report;
    }

    private async Task<TrafficState> ChangeAsync(TrafficState state, TrafficWork work, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var pause = FirstPause;
        while (true)
        {
            DrMeshException fault;
            try
            {
                return await TryChangeAsync(state, work, cancellationToken);
            }
            catch (DrMeshException failed)
            {
                fault = failed;
            }

            // After a conflict or an unknown outcome the provider is read again: the plan made from that knows what is left to do.
            var mayTryAgain = fault.Code is DrMeshError.DnsConflict or DrMeshError.DnsChangeUnknown or DrMeshError.DnsProviderUnreachable;
            if (!mayTryAgain || time.GetElapsedTime(started) >= options.Value.GiveUpAfter)
            {
                var phase = fault.Code == DrMeshError.DnsChangeUnknown ? TrafficPhase.Failed : TrafficPhase.Refused;
                return TrafficOrders.End(state, TrafficOrders.Note(work, time.GetUtcNow(), fault.Message), phase, fault.Message, fault.Hint, time.GetUtcNow());
            }

            await Task.Delay(pause, time, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private async Task<TrafficState> TryChangeAsync(TrafficState state, TrafficWork work, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(work, cancellationToken);
        var planned = TrafficOrders.Note(work, time.GetUtcNow(), plan.Warnings.Concat(plan.Change?.Changes.Select(change => change.ToString()) ?? []));
        if (plan.Refusals.Count > 0)
        {
            return TrafficOrders.End(
                state, planned, TrafficPhase.Refused, string.Join("; ", plan.Refusals), "nothing was changed; drmesh traffic switch … --plan shows what stands there", time.GetUtcNow());
        }

        if (plan.Change is { } change)
        {
            var receipt = await OffGrain(() => providers.Get(work.Provider).ChangeAsync(change, cancellationToken));
            planned = TrafficOrders.Note(planned with { Receipt = receipt }, time.GetUtcNow(), $"{work.Provider.Name} accepted the change of zone {receipt.Zone}");
        }

        return state with { Active = work.Operation.To, Running = TrafficOrders.Advance(planned, TrafficPhase.Confirming, "the provider is asked whether the change is complete") };
    }

    private async Task<TrafficState> ConfirmAsync(TrafficState state, TrafficWork work, CancellationToken cancellationToken)
    {
        var noted = work;
        if (work.Receipt is { } receipt)
        {
            try
            {
                await OffGrain(() => providers.Get(work.Provider).ConfirmAsync(receipt, cancellationToken));
                noted = TrafficOrders.Note(work, time.GetUtcNow(), $"{work.Provider.Name} says the change is complete");
            }
            catch (DrMeshException unsure)
            {
                // What counts is what the servers answer; the provider's silence is recorded and the servers are asked.
                noted = TrafficOrders.Note(work, time.GetUtcNow(), unsure.Message);
            }
        }

        return state with { Running = TrafficOrders.Advance(noted, TrafficPhase.Verifying, "every authoritative server is asked") };
    }

    private async Task<TrafficState> VerifyAsync(TrafficState state, TrafficWork work, CancellationToken cancellationToken)
    {
        try
        {
            var servers = await ServersAsync(work, cancellationToken);
            var agreements = await OffGrain(() => Task.WhenAll(TrafficOrders.Expected(work).Select(expected =>
                verifier.WaitAsync(expected, servers, options.Value.VerifyWithin, null, cancellationToken))));
            var noted = TrafficOrders.Note(work, time.GetUtcNow(), agreements.SelectMany(agreement => agreement.Answers.Select(answer => Fact(agreement, answer))));
            var disagreements = agreements.SelectMany(agreement => agreement.Disagreements).ToList();
            return disagreements.Count == 0
                ? TrafficOrders.End(state, noted, TrafficPhase.Switched, $"every authoritative server answers with {work.Operation.To}", "", time.GetUtcNow())
                : Degraded(state, noted, string.Join("; ", disagreements), "the change is made; see to the servers named, then order the same switch again to verify it");
        }
        catch (DrMeshException unknown)
        {
            return Degraded(state, work, unknown.Message, unknown.Hint);
        }
    }

    private TrafficState Degraded(TrafficState state, TrafficWork work, string detail, string hint) =>
        TrafficOrders.End(state, work, TrafficPhase.Degraded, detail, hint, time.GetUtcNow());

    private static string Fact(AnswerAgreement agreement, ServerAnswer answer) => answer.Fault is { } fault
        ? $"{answer.Server} gave no answer for {agreement.Expected.Name}: {fault}"
        : $"{answer.Server} answers {agreement.Expected.Name} with {(answer.Values.Count == 0 ? "nothing" : string.Join(", ", answer.Values))}";

    private async Task<SwitchPlan> PlanAsync(
        ServiceDefinition service, DnsProviderDefinition definition, RegionId to, OwnerMark mark, bool adopt, CancellationToken cancellationToken)
    {
        var provider = providers.Get(definition);
        var zone = DnsName.Parse(service.Zone);
        var read = await OffGrain(() => Task.WhenAll(service.Names.Select(DnsName.Parse).Select(async name =>
            KeyValuePair.Create(name, await provider.ReadAsync(zone, name, cancellationToken)))));
        return SwitchPlanner.Plan(new SwitchQuestion
        {
            Service = service,
            To = to,
            Mark = mark,
            Traits = provider.Traits,
            Read = read.ToDictionary(),
            Adopt = adopt,
        });
    }

    private Task<IReadOnlyList<AuthoritativeServer>> ServersAsync(TrafficWork work, CancellationToken cancellationToken) =>
        OffGrain(() => providers.Get(work.Provider).ListServersAsync(DnsName.Parse(work.Service.Zone), cancellationToken));

    // An engine's work runs on the thread pool; only its result comes back to the grain.
    private static Task<T> OffGrain<T>(Func<Task<T>> work) => Task.Run(work);

    private static Task OffGrain(Func<Task> work) => Task.Run(work);
}
