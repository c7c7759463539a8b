using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Traffic;
using DrMesh.Core.Errors;

namespace DrMesh.Core.Traffic;

/// <summary>Decides on orders and keeps the record of one that runs.</summary>
public static class TrafficOrders
{
    /// <summary>
    /// Accepts an order, refuses it, or finds that it was given before. Only an accepted one changes the state, which has to be persisted
    /// before anything is done.
    /// </summary>
    public static (TrafficState Next, TrafficOperation Answer) Accept(
        TrafficState state, SwitchTraffic order, ServiceDefinition service, DnsProviderDefinition provider, DateTimeOffset now)
    {
        if (state.Running?.Operation.OperationId == order.OperationId)
        {
            return (state, state.Running.Operation);
        }

        if (state.Ended.FirstOrDefault(ended => ended.OperationId == order.OperationId) is { } known)
        {
            return (state, known);
        }

        var epoch = order.Epoch ?? state.Epoch;
        var operation = new TrafficOperation
        {
            OperationId = order.OperationId,
            From = state.Active,
            To = order.To,
            Epoch = epoch,
            Phase = TrafficPhase.Changing,
            Detail = order.Reason,
            StartedAt = now,
        };
        if (epoch < state.Epoch)
        {
            return (state, Refuse(operation, now,
                $"the order carries epoch {epoch} and service {service.Name} has seen epoch {state.Epoch}",
                "someone decided later than whoever gave this order; look with drmesh traffic show"));
        }

        if (state.Running is { } running)
        {
            return (state, Refuse(operation, now,
                $"switch {running.Operation.OperationId} to {running.Operation.To} is still {running.Operation.Phase.ToString().ToLowerInvariant()}",
                "wait for its end; drmesh traffic show tells how far it is"));
        }

        if (service.Answers.All(known => known.Region != order.To))
        {
            return (state, Refuse(operation, now,
                $"service {service.Name} declares no answer for region {order.To}",
                NearestName.Hint(order.To.Value, [.. service.Answers.Select(known => known.Region.Value)])));
        }

        var generation = state.Generation + 1;
        var work = new TrafficWork
        {
            Operation = operation,
            Service = service,
            Provider = provider,
            Mark = new OwnerMark(new ServiceId(service.Name), epoch, generation),
            Adopt = order.Adopt,
        };
        return (state with { Epoch = epoch, Generation = generation, Running = work }, operation);
    }

    /// <summary>Adds a fact to the running order.</summary>
    public static TrafficWork Note(TrafficWork work, DateTimeOffset now, params IEnumerable<string> facts) => work with
    {
        Operation = work.Operation with
        {
            Evidence = [.. work.Operation.Evidence, .. facts.Select(fact => new TrafficEvidence { At = now, Fact = fact })],
        },
    };

    /// <summary>Moves the running order on.</summary>
    public static TrafficWork Advance(TrafficWork work, TrafficPhase phase, string detail) =>
        work with { Operation = work.Operation with { Phase = phase, Detail = detail } };

    /// <summary>Ends the running order.</summary>
    public static TrafficState End(TrafficState state, TrafficWork work, TrafficPhase phase, string detail, string hint, DateTimeOffset now)
    {
        var ended = work.Operation with { Phase = phase, Detail = detail, Hint = hint, EndedAt = now };
        return state with { Running = null, Ended = [ended, .. state.Ended.Take(TrafficState.RememberedOrders - 1)] };
    }

    /// <summary>What every authoritative server shall answer once traffic goes to the order's region.</summary>
    public static IReadOnlyList<ExpectedAnswer> Expected(TrafficWork work)
    {
        var values = work.Service.Answers.First(answer => answer.Region == work.Operation.To).Values;
        return [.. work.Service.Names.Select(name => new ExpectedAnswer
        {
            Zone = DnsName.Parse(work.Service.Zone),
            Name = DnsName.Parse(name),
            Type = RecordTypes.Of(work.Service.Record),
            Values = values,
        })];
    }

    private static TrafficOperation Refuse(TrafficOperation operation, DateTimeOffset now, string detail, string hint) =>
        operation with { Phase = TrafficPhase.Refused, Detail = detail, Hint = hint, EndedAt = now };
}
