using DrMesh.Contracts.Sessions;
using DrMesh.Core.Sessions;
using On = DrMesh.Core.Sessions.On<DrMesh.TestKit.Crash.RelayPlan>;

namespace DrMesh.TestKit.Crash;

/// <summary>A small real machine: parallel steps, an approval, a phase without return, an undoing phase, an optional step.</summary>
public static class RelayMachine
{
    public const string Kind = "relay";

    public static readonly Phase Waiting = new("Waiting");
    public static readonly Phase Carrying = new("Carrying");
    public static readonly Phase Asking = new("Asking");
    public static readonly Phase Handing = new("Handing");
    public static readonly Phase Returning = new("Returning");
    public static readonly Phase Delivered = new("Delivered");
    public static readonly Phase GivenUp = new("GivenUp");
    public static readonly Phase CalledOff = new("CalledOff");

    public static readonly StepName OpenRoad = new("OpenRoad");
    public static readonly StepName Carry = new("Carry");
    public static readonly StepName HandOver = new("HandOver");
    public static readonly StepName SendCard = new("SendCard");
    public static readonly StepName PutBack = new("PutBack");

    private static readonly Guard<RelayPlan> AsksFirst = new("AsksFirst", state => state.Plan.AsksFirst);

    /// <summary>The machine.</summary>
    public static SessionMachine<RelayPlan> Create() => new(
        Kind, 1, Waiting,
        [
            new(Waiting),
            new(Carrying),
            new(Asking) { Approval = new("HandOver", state => $"hand over {state.Plan.Parcels.Length} parcels?", _ => 1), Limit = TimeSpan.FromMinutes(10) },
            new(Handing) { NoReturn = "a parcel handed over does not come back" },
            new(Returning) { NoReturn = "the parcels are on their way back already" },
            new(Delivered) { End = SessionStatus.Succeeded },
            new(GivenUp) { End = SessionStatus.Failed },
            new(CalledOff) { End = SessionStatus.Cancelled },
        ],
        [
            new(OpenRoad) { Targets = _ => ["road"] },
            new(Carry) { Targets = state => state.Plan.Parcels, Retry = new RetryPolicy(3, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1)), Timeout = TimeSpan.FromSeconds(20) },
            new(HandOver) { Retry = RetryPolicy.Persistent },
            new(SendCard) { Retry = new RetryPolicy(2, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1)), IsOptional = true },
            new(PutBack) { Targets = state => state.Plan.Parcels, Retry = RetryPolicy.Persistent },
        ],
        [
            new("RL100", Waiting, On.CancelAsked, CalledOff, [], "nothing was carried yet"),
            new("RL110", Waiting, On.Otherwise, Carrying, [OpenRoad, Carry], "the parcels are ready"),
            new("RL200", Carrying, On.CancelAsked, Returning, [PutBack], "a person called it off"),
            new("RL210", Carrying, On.StepFailed, Returning, [PutBack], "a parcel did not arrive"),
            new("RL220", Carrying, On.StepsDone & AsksFirst, Asking, [], "all parcels are there and a person must agree"),
            new("RL230", Carrying, On.StepsDone, Handing, [HandOver, SendCard], "all parcels are there"),
            new("RL300", Asking, On.CancelAsked, Returning, [PutBack], "a person called it off"),
            new("RL310", Asking, On.Approved, Handing, [HandOver, SendCard], "a person agreed"),
            new("RL320", Asking, On.Overdue, Returning, [PutBack], "nobody agreed in time"),
            new("RL400", Handing, On.StepsDone, Delivered, [], "the parcels were handed over"),
            new("RL410", Handing, On.StepFailed, GivenUp, [], "the parcels could not be handed over"),
            new("RL500", Returning, On.StepsDone & On.CancelAsked, CalledOff, [], "all parcels are back"),
            new("RL510", Returning, On.StepsDone, GivenUp, [], "all parcels are back"),
        ]);
}
