using DrMesh.Contracts.Estate;
using DrMesh.Contracts.Regions;
using DrMesh.Core.Estate.Values;

namespace DrMesh.Core.Estate.Checks;

/// <summary>What a policy says of backups can be done by the repositories it names, and survives the loss of the primary's region.</summary>
internal static class BackupChecks
{
    public static void Run(CheckContext context)
    {
        foreach (var policy in context.Estate.Policies)
        {
            CheckRepositories(context, policy);
        }

        foreach (var cluster in context.Estate.Clusters)
        {
            CheckOffSite(context, $"clusters.{cluster.Name}", "cluster", cluster.Policy, cluster.PrimaryRegion);
        }

        foreach (var tree in context.Estate.FileTrees)
        {
            CheckOffSite(context, $"fileTrees.{tree.Name}", "file tree", tree.Policy, tree.PrimaryRegion);
        }
    }

    private static void CheckRepositories(CheckContext context, PolicyDefinition policy)
    {
        var path = $"policies.{policy.Name}.backup.repositories";
        foreach (var (index, name) in policy.Backup.Repositories.Index())
        {
            if (policy.Backup.Repositories.IndexOf(name) < index)
            {
                context.Findings.Error($"{path}[{index}]", $"repository \"{name}\" is listed twice");
            }
            else if (policy.Backup.Encryption == EncryptionRule.Required && context.Repository(name) is { Encryption: null })
            {
                context.Findings.Error(
                    $"{path}[{index}]",
                    $"repository \"{name}\" is not encrypted, but the policy requires it; add encryption there, or set backup.encryption: optional",
                    $"repositories.{name}.encryption",
                    $"policies.{policy.Name}.backup.encryption");
            }
        }

        var repositories = policy.Backup.Repositories.Select(context.Repository).OfType<RepositoryDefinition>().ToArray();
        if (repositories.Length > 0 && repositories.Max(RepositoryTiers.KeepOf) is var longest && longest < policy.Retention.Window)
        {
            context.Findings.Warning(
                $"policies.{policy.Name}.retention.window",
                $"no repository of the policy keeps {DurationText.Format(policy.Retention.Window)}; the longest keeps {DurationText.Format(longest)}",
                [path, .. repositories.Select(repository => $"repositories.{repository.Name}.keep")]);
        }
    }

    private static void CheckOffSite(CheckContext context, string path, string kind, string policyName, RegionId primaryRegion)
    {
        if (context.Policy(policyName) is not { } policy)
        {
            return;
        }

        var repositories = policy.Backup.Repositories.Select(context.Repository).ToArray();
        var policyPath = $"policies.{policyName}.backup.repositories";
        if (repositories.Length == 0)
        {
            context.Findings.Warning($"{path}.policy", $"policy \"{policyName}\" names no repository, so this {kind} is not backed up", policyPath);
        }
        else if (repositories.All(repository => repository is { Local: { } local } && local.Node.Region == primaryRegion))
        {
            context.Findings.Warning(
                $"{path}.policy",
                $"every repository of policy \"{policyName}\" is in {primaryRegion}, where this {kind} has its primary: a lost region takes the backups along",
                [policyPath, $"{path}.primaryRegion", .. policy.Backup.Repositories.Select(name => $"repositories.{name}.local.node")]);
        }
    }
}
