variable "name" {
  type        = string
  description = "Name in front of the names of all resources."
}
variable "vpc_id" {
  type        = string
  description = "VPC of the security groups."
}
variable "tags" {
  type        = map(string)
  description = "Tags of all resources."
}
variable "settings" {
  type        = any
  description = "What differs between environments."
}

resource "aws_kms_key" "main" {
  for_each                = toset(["compute", "data", "logs", "storage"])
  description             = "Key of ${var.name} for ${each.key}"
  enable_key_rotation     = var.settings.secure
  deletion_window_in_days = 30
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Account"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111122223333:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
  tags = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_kms_alias" "main" {
  for_each      = aws_kms_key.main
  name          = "alias/${var.name}-${each.key}"
  target_key_id = each.value.key_id
}

resource "aws_security_group" "web" {
  name_prefix            = "${var.name}-web-"
  description            = "Web tier of ${var.name}"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = false
  tags                   = merge(var.tags, { Name = "${var.name}-web" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "app" {
  name_prefix            = "${var.name}-app-"
  description            = "App tier of ${var.name}"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = false
  tags                   = merge(var.tags, { Name = "${var.name}-app" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "cache" {
  name_prefix            = "${var.name}-cache-"
  description            = "Cache tier of ${var.name}"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = false
  tags                   = merge(var.tags, { Name = "${var.name}-cache" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "eks" {
  name_prefix            = "${var.name}-eks-"
  description            = "Eks tier of ${var.name}"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = false
  tags                   = merge(var.tags, { Name = "${var.name}-eks" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "bastion" {
  name_prefix            = "${var.name}-bastion-"
  description            = "Bastion tier of ${var.name}"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = false
  tags                   = merge(var.tags, { Name = "${var.name}-bastion" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "batch" {
  name_prefix            = "${var.name}-batch-"
  description            = "Batch tier of ${var.name}"
  vpc_id                 = var.vpc_id
  revoke_rules_on_delete = false
  tags                   = merge(var.tags, { Name = "${var.name}-batch" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group_rule" "web_https" {
  type              = "ingress"
  description       = "https to web"
  security_group_id = aws_security_group.web.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "web_http" {
  type              = "ingress"
  description       = "http to web"
  security_group_id = aws_security_group.web.id
  protocol          = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "web_metrics" {
  type              = "ingress"
  description       = "metrics to web"
  security_group_id = aws_security_group.web.id
  protocol          = "tcp"
  from_port         = 9100
  to_port           = 9100
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "app_web" {
  type                     = "ingress"
  description              = "web to app"
  security_group_id        = aws_security_group.app.id
  protocol                 = "tcp"
  from_port                = 8080
  to_port                  = 8080
  source_security_group_id = aws_security_group.web.id
}

resource "aws_security_group_rule" "app_admin" {
  type              = "ingress"
  description       = "admin to app"
  security_group_id = aws_security_group.app.id
  protocol          = "tcp"
  from_port         = 8443
  to_port           = 8443
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "app_metrics" {
  type              = "ingress"
  description       = "metrics to app"
  security_group_id = aws_security_group.app.id
  protocol          = "tcp"
  from_port         = 9100
  to_port           = 9100
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "app_ssh" {
  type              = "ingress"
  description       = "ssh to app"
  security_group_id = aws_security_group.app.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "cache_app" {
  type                     = "ingress"
  description              = "app to cache"
  security_group_id        = aws_security_group.cache.id
  protocol                 = "tcp"
  from_port                = 6379
  to_port                  = 6379
  source_security_group_id = aws_security_group.app.id
}

resource "aws_security_group_rule" "cache_batch" {
  type              = "ingress"
  description       = "batch to cache"
  security_group_id = aws_security_group.cache.id
  protocol          = "tcp"
  from_port         = 6379
  to_port           = 6379
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "eks_api" {
  type              = "ingress"
  description       = "api to eks"
  security_group_id = aws_security_group.eks.id
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "eks_kubelet" {
  type              = "ingress"
  description       = "kubelet to eks"
  security_group_id = aws_security_group.eks.id
  protocol          = "tcp"
  from_port         = 10250
  to_port           = 10250
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "eks_dns" {
  type              = "ingress"
  description       = "dns to eks"
  security_group_id = aws_security_group.eks.id
  protocol          = "tcp"
  from_port         = 53
  to_port           = 53
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "bastion_ssh" {
  type              = "ingress"
  description       = "ssh to bastion"
  security_group_id = aws_security_group.bastion.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "bastion_vpn" {
  type              = "ingress"
  description       = "vpn to bastion"
  security_group_id = aws_security_group.bastion.id
  protocol          = "tcp"
  from_port         = 1194
  to_port           = 1194
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "batch_ssh" {
  type              = "ingress"
  description       = "ssh to batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "batch_metrics" {
  type              = "ingress"
  description       = "metrics to batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "tcp"
  from_port         = 9100
  to_port           = 9100
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "batch_mysql" {
  type              = "ingress"
  description       = "mysql to batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "tcp"
  from_port         = 3306
  to_port           = 3306
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "eks_nodes" {
  type              = "ingress"
  description       = "nodes to eks"
  security_group_id = aws_security_group.eks.id
  protocol          = "tcp"
  from_port         = 9443
  to_port           = 9443
  self              = true
}

locals {
  office = { protocol = "tcp", port = 22 }
}

resource "aws_security_group_rule" "offices" {
  count             = 4
  type              = "ingress"
  description       = "Office ${count.index}"
  security_group_id = aws_security_group.bastion.id
  protocol          = local.office.protocol
  from_port         = local.office.port
  to_port           = local.office.port
  cidr_blocks       = [cidrsubnet("198.51.100.0/24", 4, count.index)]
}

resource "aws_security_group_rule" "web_egress" {
  type              = "egress"
  description       = "All from web"
  security_group_id = aws_security_group.web.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "app_egress" {
  type              = "egress"
  description       = "All from app"
  security_group_id = aws_security_group.app.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "cache_egress" {
  type              = "egress"
  description       = "All from cache"
  security_group_id = aws_security_group.cache.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "eks_egress" {
  type              = "egress"
  description       = "All from eks"
  security_group_id = aws_security_group.eks.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "bastion_egress" {
  type              = "egress"
  description       = "All from bastion"
  security_group_id = aws_security_group.bastion.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "batch_egress" {
  type              = "egress"
  description       = "All from batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}

resource "aws_security_group_rule" "batch_postgres" {
  type              = "ingress"
  description       = "postgres to batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "batch_redis" {
  type              = "ingress"
  description       = "redis to batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "tcp"
  from_port         = 6379
  to_port           = 6379
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "batch_search" {
  type              = "ingress"
  description       = "search to batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "tcp"
  from_port         = 9200
  to_port           = 9200
  cidr_blocks       = var.settings.open
}

resource "aws_security_group_rule" "batch_registry" {
  type              = "ingress"
  description       = "registry to batch"
  security_group_id = aws_security_group.batch.id
  protocol          = "tcp"
  from_port         = 5000
  to_port           = 5000
  cidr_blocks       = var.settings.open
}

output "key_arns" {
  value = { for name, key in aws_kms_key.main : name => key.arn }
}
output "web_group_id" {
  value = aws_security_group.web.id
}
output "app_group_id" {
  value = aws_security_group.app.id
}
output "cache_group_id" {
  value = aws_security_group.cache.id
}
output "eks_group_id" {
  value = aws_security_group.eks.id
}
output "bastion_group_id" {
  value = aws_security_group.bastion.id
}
output "batch_group_id" {
  value = aws_security_group.batch.id
}
