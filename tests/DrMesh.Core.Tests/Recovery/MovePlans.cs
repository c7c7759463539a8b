using System.Collections.Immutable;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Recovery;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Recovery;
using DrMesh.Core.Sessions;

namespace DrMesh.Core.Tests.Recovery;

/// <summary>Plans of several clusters and replica sets in one order, and what their steps answer when all goes well.</summary>
internal static class MovePlans
{
    private static readonly string[] Sets = ["carts", "reviews"];

    /// <summary>A plan in that order: carts and reviews are replica sets, whatever else is named is a PostgreSQL cluster.</summary>
    public static RecoveryPlan Of(RecoveryKind kind, params IReadOnlyCollection<string> order) => new()
    {
        Kind = kind,
        Strategy = FailoverStrategy.HotStandby,
        Application = "shop",
        From = new RegionId("eu"),
        LossLimitBytes = 0,
        Lease = TimeSpan.FromSeconds(3),
        Services = ["web"],
        Clusters = [.. order.Except(Sets).Select(Cluster)],
        Sets = [.. order.Where(IsSet).Select(name => ReplicaSets.Sets.Move(3) with { Cluster = new ClusterId(name) })],
        Order = [.. order.Select(name => new ClusterId(name))],
    };

    public static bool IsSet(string name) => Sets.Contains(name);

    /// <summary>What a step answers when it goes well.</summary>
    public static StepResult Well(StepKey key, SessionState<RecoveryPlan> state) => key.Step.Value switch
    {
        "RaiseEpoch" => StepResult.Done(("sets", "0:")) with { RaisedEpoch = 7 },
        "CollectPromises" => StepResult.Done(CandidateChoice.ToEvidence(new Promise("us", 7, new TimelineId(1), new Lsn(1000)))),
        "FenceOldPrimary" => StepResult.Done(("stopped", "yes")),
        "AwaitLease" => StepResult.Done(("excluded", "yes"), ("reach", "1:0/3E8")),
        "StopWrites" => StepResult.Done(("lsn", new Lsn(900).ToString()), ("timeline", "1")),
        "RaiseSetEpoch" => StepResult.Done() with { RaisedEpoch = 3 },
        "ChooseSetPrimary" => StepResult.Done(("way", "HandOver"), ("host", ReplicaSets.Sets.Host(1)), ("acceptable", "true")),
        "ChooseCandidate" => CandidateChoice.Decide(state, key.Target, key.Epoch),
        _ => StepResult.Done(),
    };

    private static ClusterMove Cluster(string name) => new()
    {
        Cluster = new ClusterId(name), OldPrimary = "eu", Standbys = ["us", "ap"], Promotable = ["us", "ap"], OpenSets = [AcknowledgingSet.Nobody],
    };
}
