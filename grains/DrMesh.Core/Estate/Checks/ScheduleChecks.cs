using DrMesh.Contracts.Estate;

namespace DrMesh.Core.Estate.Checks;

/// <summary>A schedule's action can be done to what it names.</summary>
internal static class ScheduleChecks
{
    public static void Run(CheckContext context)
    {
        foreach (var schedule in context.Estate.Schedules)
        {
            var path = $"schedules.{schedule.Name}";
            var isOnRepository = schedule.Action is ScheduledAction.Verify or ScheduledAction.Retention;
            var (key, given) = schedule switch
            {
                { Application: { } name } => ("application", name),
                { Cluster: { } cluster } => ("cluster", cluster.Value),
                { FileTree: { } name } => ("fileTree", name),
                { Repository: { } name } => ("repository", name),
                _ => ("", ""),
            };
            if (key.Length > 0 && isOnRepository != (key == "repository"))
            {
                var action = schedule.Action.ToString().ToLowerInvariant();
                context.Findings.Error(
                    $"{path}.{key}",
                    $"{action} is done to {(isOnRepository ? "a repository" : "an application, a cluster or a file tree")}, not to {key} \"{given}\"",
                    $"{path}.action");
            }
        }
    }
}
