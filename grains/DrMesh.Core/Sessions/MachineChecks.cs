using System.Text.RegularExpressions;

namespace DrMesh.Core.Sessions;

/// <summary>What can be wrong with a machine's table, found by reading it. Every machine's tests demand that nothing is.</summary>
public static partial class MachineChecks
{
    /// <summary>One sentence for each thing that is wrong; empty when the table is sound.</summary>
    public static IReadOnlyList<string> Problems<TPlan>(SessionMachine<TPlan> machine)
        where TPlan : class
    {
        ArgumentNullException.ThrowIfNull(machine);
        return [.. Names(machine), .. Steps(machine), .. Ways(machine), .. Cancels(machine), .. Shadows(machine)];
    }

    private static IEnumerable<string> Names<TPlan>(SessionMachine<TPlan> machine)
        where TPlan : class
    {
        foreach (var twice in machine.Rules.GroupBy(rule => rule.Id).Where(group => group.Count() > 1))
        {
            yield return $"rule id {twice.Key} is used {twice.Count()} times";
        }

        foreach (var rule in machine.Rules.Where(rule => !RuleId().IsMatch(rule.Id)))
        {
            yield return $"rule id {rule.Id} is not two or three capitals and three digits";
        }

        var known = machine.Phases.Select(info => info.Phase).ToHashSet();
        foreach (var phase in machine.Rules.SelectMany(rule => new[] { rule.From, rule.To }).Append(machine.Start).Distinct().Where(phase => !known.Contains(phase)))
        {
            yield return $"phase {phase} is not in the list of phases";
        }
    }

    private static IEnumerable<string> Steps<TPlan>(SessionMachine<TPlan> machine)
        where TPlan : class
    {
        var used = machine.Rules.SelectMany(rule => rule.Steps).ToHashSet();
        var known = machine.Steps.Select(step => step.Name).ToHashSet();
        foreach (var step in used.Except(known))
        {
            yield return $"step {step} is not in the list of steps";
        }

        foreach (var step in known.Except(used))
        {
            yield return $"step {step} is in no rule";
        }
    }

    private static IEnumerable<string> Ways<TPlan>(SessionMachine<TPlan> machine)
        where TPlan : class
    {
        var forward = Reach(machine.Rules.Select(rule => (rule.From, rule.To)).ToArray(), [machine.Start]);
        var ends = machine.Phases.Where(info => info.End is not null).Select(info => info.Phase).ToArray();
        var toEnd = Reach(machine.Rules.Select(rule => (rule.To, rule.From)).ToArray(), ends);
        foreach (var info in machine.Phases)
        {
            if (!forward.Contains(info.Phase))
            {
                yield return $"phase {info.Phase} is never reached";
            }

            if (!toEnd.Contains(info.Phase))
            {
                yield return $"no way leads from phase {info.Phase} to an end";
            }

            if (info.End is not null && machine.RulesFrom(info.Phase).Any())
            {
                yield return $"phase {info.Phase} is an end and has rules that leave it";
            }
        }
    }

    private static IEnumerable<string> Cancels<TPlan>(SessionMachine<TPlan> machine)
        where TPlan : class
    {
        foreach (var info in machine.Phases.Where(info => info.End is null))
        {
            var first = machine.RulesFrom(info.Phase).FirstOrDefault();
            var honours = first?.Guard == On<TPlan>.CancelAsked;
            if (info.NoReturn is null && !honours)
            {
                yield return $"phase {info.Phase} must say why it cannot be cancelled, or begin with a rule on {On<TPlan>.CancelAsked.Name}";
            }

            if (info.NoReturn is not null && machine.RulesFrom(info.Phase).Any(rule => rule.Guard == On<TPlan>.CancelAsked))
            {
                yield return $"phase {info.Phase} says it cannot be cancelled and has a rule for it";
            }
        }
    }

    private static IEnumerable<string> Shadows<TPlan>(SessionMachine<TPlan> machine)
        where TPlan : class
    {
        foreach (var phase in machine.Rules.GroupBy(rule => rule.From))
        {
            var earlier = new Dictionary<string, string>();
            foreach (var rule in phase)
            {
                if (earlier.TryGetValue(On<TPlan>.Otherwise.Name, out var always))
                {
                    yield return $"rule {rule.Id} never fires: {always} comes before it and always holds";
                }
                else if (!earlier.TryAdd(rule.Guard.Name, rule.Id))
                {
                    yield return $"rule {rule.Id} never fires: {earlier[rule.Guard.Name]} comes before it with the same guard";
                }
            }
        }
    }

    private static HashSet<Phase> Reach((Phase From, Phase To)[] ways, IEnumerable<Phase> begin)
    {
        var reached = new HashSet<Phase>(begin);
        var open = new Queue<Phase>(reached);
        while (open.TryDequeue(out var phase))
        {
            foreach (var (_, to) in ways.Where(way => way.From == phase && reached.Add(way.To)))
            {
                open.Enqueue(to);
            }
        }

        return reached;
    }

    [GeneratedRegex("^[A-Z]{2,3}[0-9]{3}$")]
    private static partial Regex RuleId();
}
